# A syntax error in an imported module, uncaught.
import failing.syntax
