/** Code of bodies and of what has one of its own: functions and classes. */
import type * as tree from "../syntax/tree.js";
import { NONE } from "./emitter.js";
import { ExpressionGenerator } from "./expressions.js";
import { Op } from "./opcodes.js";
import { mangle } from "./symtable.js";
import { unparse } from "./unparse.js";

/** Generates functions and classes; statements are its heirs'. */
export abstract class DefinitionGenerator extends ExpressionGenerator {
  abstract stmts(body: tree.Stmt[]): void;

  protected abstract stmt(stmt: tree.Stmt): void;

  protected body(body: tree.Stmt[]): void {
    if (this.unit.kind === "module" && body.length > 0) this.setLocation(body[0]);
    if (hasAnnotations(body)) this.emit(Op.SETUP_ANNOTATIONS);
    const doc = docstring(body);
    if (doc !== null) {
      this.unit.doc = doc;
      this.expr((body[0] as tree.ExprStmt).value);
      this.unsetLocation();
      this.name("__doc__", "Store");
    }
    for (let i = doc === null ? 0 : 1; i < body.length; i += 1) this.stmt(body[i]);
  }

  private decorators(list: tree.Expr[]): void {
    for (const decorator of list) this.expr(decorator);
  }

  private applyDecorators(list: tree.Expr[]): void {
    const { at } = this.unit;
    for (let i = list.length - 1; i >= 0; i -= 1) {
      this.setLocation(list[i]);
      this.emit(Op.PRECALL, 0);
      this.emit(Op.CALL, 0);
    }
    this.unit.at = at;
  }

  protected functionDef(stmt: tree.FunctionDef): void {
    this.forbidDebugArguments(stmt.args);
    this.decorators(stmt.decoratorList);
    const firstLine = stmt.decoratorList.length > 0 ? stmt.decoratorList[0].line : stmt.line;
    const flags = this.defaults(stmt.args) | this.annotations(stmt.args, stmt.returns);
    const kind = stmt.kind === "AsyncFunctionDef" ? "asyncFunction" : "function";
    this.enter(stmt.name, kind, stmt, firstLine);
    const doc = docstring(stmt.body);
    this.unit.doc = doc;
    this.unit.addConstant(doc === null ? NONE : { kind: "str", value: doc });
    this.setArguments(stmt.args);
    for (let i = doc === null ? 0 : 1; i < stmt.body.length; i += 1) this.stmt(stmt.body[i]);
    this.makeClosure(this.leave(true), flags);
    this.applyDecorators(stmt.decoratorList);
    this.name(stmt.name, "Store");
  }

  protected classDef(stmt: tree.ClassDef): void {
    this.decorators(stmt.decoratorList);
    const firstLine = stmt.decoratorList.length > 0 ? stmt.decoratorList[0].line : stmt.line;
    this.enter(stmt.name, "class", stmt, firstLine);
    this.name("__name__", "Load");
    this.name("__module__", "Store");
    this.loadStr(this.unit.qualname);
    this.name("__qualname__", "Store");
    this.body(stmt.body);
    this.unsetLocation();
    if (this.unit.scope.needsClassClosure) {
      this.emit(Op.LOAD_CLOSURE, this.unit.cellVars.find("__class__"));
      this.emit(Op.COPY, 1);
      this.name("__classcell__", "Store");
    } else this.loadConstant(NONE);
    this.emit(Op.RETURN_VALUE);
    const code = this.leave(true);
    this.setLocation(stmt);
    this.emit(Op.PUSH_NULL);
    this.emit(Op.LOAD_BUILD_CLASS);
    this.makeClosure(code, 0);
    this.loadStr(stmt.name);
    this.callHelper(2, stmt.bases, stmt.keywords);
    this.applyDecorators(stmt.decoratorList);
    this.name(stmt.name, "Store");
  }

  private annotation(name: string, annotation: tree.Expr): void {
    this.loadStr(mangle(this.unit.privateName, name));
    if (this.options.futureAnnotations) this.loadStr(unparse(annotation));
    else if (annotation.kind === "Starred") {
      // `*args: *Ts` holds the one item that unpacking gives.
      this.expr(annotation.value);
      this.emit(Op.UNPACK_SEQUENCE, 1);
    } else this.expr(annotation);
  }

  private annotations(args: tree.Arguments, returns: tree.Expr | null): number {
    let count = 0;
    const add = (name: string, annotation: tree.Expr | null) => {
      if (annotation === null) return;
      this.annotation(name, annotation);
      count += 2;
    };
    const all = [...args.args, ...args.posonlyargs, args.vararg, ...args.kwonlyargs, args.kwarg];
    for (const arg of all) if (arg !== null) add(arg.arg, arg.annotation);
    add("return", returns);
    if (count === 0) return 0;
    this.emit(Op.BUILD_TUPLE, count);
    return 4;
  }
}

/** Whether a body, its nested blocks included, holds an annotated assignment. */
export function hasAnnotations(body: tree.Stmt[]): boolean {
  return body.some((stmt) => {
    switch (stmt.kind) {
      case "AnnAssign":
        return true;
      case "For":
      case "AsyncFor":
      case "While":
      case "If":
        return hasAnnotations(stmt.body) || hasAnnotations(stmt.orelse);
      case "With":
      case "AsyncWith":
        return hasAnnotations(stmt.body);
      case "Match":
        return stmt.cases.some((matchCase) => hasAnnotations(matchCase.body));
      case "Try":
      case "TryStar":
        return (
          stmt.handlers.some((handler) => hasAnnotations(handler.body)) ||
          hasAnnotations(stmt.body) ||
          hasAnnotations(stmt.finalbody) ||
          hasAnnotations(stmt.orelse)
        );
      default:
        return false;
    }
  });
}

/** The docstring of a body, or null. */
export function docstring(body: tree.Stmt[]): string | null {
  const first = body[0];
  if (first === undefined || first.kind !== "Expr" || first.value.kind !== "Constant") return null;
  return first.value.value.kind === "str" ? first.value.value.value : null;
}
