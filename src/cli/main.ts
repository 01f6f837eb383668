#!/usr/bin/env node
/** Entry of the `takegil` command: from its pack where there is one. */
import { isPacking, loadPack, saveCodeCaches } from "../runtime/pack.cjs";

const pack = loadPack("command") as typeof import("./command.js") | null;
const { runCommand } = pack ?? (await import("./command.js"));
await runCommand();
if (isPacking) saveCodeCaches();
