import { freshHeap } from "./fresh.js";
import { testShadow } from "./shadow.js";

testShadow(await freshHeap(256 << 20, 1, 0));
