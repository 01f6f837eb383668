/**
 * Defects of the locks that `threading.py` and `queue.py` build: one line of the source changed
 * each. The explorer must find every one.
 */

/** One line of the source changed: whose scenarios must notice, what, and into what. */
export const pythonMutants: readonly (readonly [
  primitive: string,
  name: string,
  from: string,
  to: string,
])[] = [
  [
    "Condition",
    "the lock is given up before the waiter is in its place",
    "        self._waiters.append(waiter)\n        saved = self._release_save()\n",
    "        saved = self._release_save()\n        self._waiters.append(waiter)\n",
  ],
  [
    "Condition",
    "the lock is not taken back",
    "            self._acquire_restore(saved)\n            if not notified:",
    "            if not notified:",
  ],
  [
    "Condition",
    "a waiter that gave up stays in its place",
    [
      "            if not notified:\n",
      "                try:\n",
      "                    self._waiters.remove(waiter)",
    ].join(""),
    [
      "            if False:\n",
      "                try:\n",
      "                    self._waiters.remove(waiter)",
    ].join(""),
  ],
  [
    "Condition",
    "nobody is woken",
    "                waiter.release()\n            except RuntimeError:",
    "                pass\n            except RuntimeError:",
  ],
  [
    "Condition",
    "one of several is woken",
    "        self.notify(len(self._waiters))",
    "        self.notify()",
  ],
  [
    "Semaphore",
    "woken, it does not look again",
    [
      "                self._cond.wait(timeout)\n",
      "            else:\n",
      "                self._value -= 1",
    ].join(""),
    [
      "                self._cond.wait(timeout)\n",
      "                break\n",
      "            if True:\n",
      "                self._value -= 1",
    ].join(""),
  ],
  [
    "Semaphore",
    "one is woken for two",
    [
      "            self._value += n\n",
      "            for _ in range(n):\n",
      "                self._cond.notify()\n",
      "\n",
      "    def __exit__",
    ].join(""),
    "            self._value += n\n            self._cond.notify()\n\n    def __exit__",
  ],
  [
    "Semaphore",
    "the counter is raised without the lock",
    [
      "        with self._cond:\n",
      "            self._value += n\n",
      "            for _ in range(n):\n",
      "                self._cond.notify()\n",
      "\n",
      "    def __exit__",
    ].join(""),
    [
      "        self._value += n\n",
      "        with self._cond:\n",
      "            self._cond.notify()\n",
      "\n",
      "    def __exit__",
    ].join(""),
  ],
  [
    "Event",
    "one is woken of all",
    "            self._flag = True\n            self._cond.notify_all()",
    "            self._flag = True\n            self._cond.notify()",
  ],
  [
    "Event",
    "it waits although the flag is set",
    "            if not signaled:\n                signaled = self._cond.wait(timeout)",
    "            if True:\n                signaled = self._cond.wait(timeout)",
  ],
  [
    "Event",
    "the flag is looked at before the lock is taken",
    "        with self._cond:\n            signaled = self._flag\n",
    "        signaled = self._flag\n        with self._cond:\n",
  ],
  [
    "Barrier",
    "a second round begins while the first drains",
    "        while self._state in (-1, 1):\n            self._cond.wait()",
    "        pass",
  ],
  [
    "Barrier",
    "the last one out tells nobody",
    "            self._state = 0\n            self._cond.notify_all()\n\n    def reset",
    "            self._state = 0\n\n    def reset",
  ],
  [
    "Barrier",
    "the last one in wakes one",
    "            self._state = 1\n            self._cond.notify_all()",
    "            self._state = 1\n            self._cond.notify()",
  ],
  [
    "Barrier",
    "who gives up breaks nothing",
    [
      "        if not self._cond.wait_for(lambda: self._state != 0, timeout):\n",
      "            self._break()\n",
    ].join(""),
    "        if not self._cond.wait_for(lambda: self._state != 0, timeout):\n",
  ],
  [
    "Barrier",
    "an abort is kept quiet",
    "        self._state = -2\n        self._cond.notify_all()",
    "        self._state = -2",
  ],
  [
    "join",
    "the sentinel is kept",
    "            lock.release()\n            self._stop()",
    "            self._stop()",
  ],
  [
    "join",
    "it does not wait",
    "        if lock.acquire(block, timeout):\n            lock.release()",
    "        if lock.acquire(False) or True:\n            lock.locked()",
  ],
  [
    "Queue",
    "woken, a getter does not look again",
    "                while not self._qsize():\n                    self.not_empty.wait()",
    "                if not self._qsize():\n                    self.not_empty.wait()",
  ],
  [
    "Queue",
    "putting tells nobody",
    "            self.unfinished_tasks += 1\n            self.not_empty.notify()",
    "            self.unfinished_tasks += 1",
  ],
  [
    "Queue",
    "getting tells nobody",
    "            item = self._get()\n            self.not_full.notify()",
    "            item = self._get()",
  ],
  [
    "Queue",
    "the last task done is kept quiet",
    "                self.all_tasks_done.notify_all()",
    "                pass",
  ],
  [
    "Queue",
    "its conditions have locks of their own",
    "        self.not_full = threading.Condition(self.mutex)",
    "        self.not_full = threading.Condition(threading.Lock())",
  ],
  [
    "SimpleQueue",
    "who finds nothing sleeps without another look",
    [
      "            try:\n",
      "                item = items.popleft()\n",
      "            except IndexError:\n",
      "                pass\n",
      "            else:\n",
      "                self._leave(waiter)\n",
      "                return item\n",
    ].join(""),
    "",
  ],
  [
    "SimpleQueue",
    "a wake-up that came too late is lost",
    "                self._waiters.popleft().release()",
    "                pass",
  ],
  [
    "SimpleQueue",
    "putting wakes nobody",
    "        waiter.release()\n\n    def put_nowait",
    "        pass\n\n    def put_nowait",
  ],
];
