import { freshHeap } from "./fresh.js";
import { describePools } from "./pools.js";

describePools(await freshHeap(64 << 20, 0, 0));
