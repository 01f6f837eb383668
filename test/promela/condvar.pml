/* py2-condvar: a flag under a mutex with a condition; see src/gil/py2-condvar.ts. */
#ifndef N
#define N 3
#endif
#define ROUNDS 2

bool flag, waiters;
byte mutex = N;
byte signals;
bool asleep[N];
byte inside, done;

inline lockMutex() {
  atomic { mutex == N -> mutex = me }
}

inline signalOne() {
  signals = (signals + 1) % 32;
  atomic {
    if
    :: asleep[0] -> asleep[0] = false
    :: asleep[1] -> asleep[1] = false
    :: asleep[N - 1] -> asleep[N - 1] = false
    :: else
    fi
  }
}

active [N] proctype Thread() {
  byte me = _pid;
  byte round = 0;
  byte before;
  bool passOn, wakes;

  do
  :: round == ROUNDS -> break
  :: else ->
    passOn = false;
    lockMutex();
    do
    :: before = signals;
      if
      :: !flag -> flag = true; waiters = waiters || passOn; break
      :: else ->
        waiters = true;
        mutex = N;
        atomic {
          if
          :: signals == before -> asleep[me] = true
          :: else
          fi
        }
        !asleep[me];
        passOn = true;
        lockMutex()
      fi
    od;
    mutex = N;
    inside++;
    assert(inside == 1);
    inside--;
    lockMutex();
    flag = false;
    wakes = waiters;
    waiters = false;
    mutex = N;
    if
    :: wakes -> signalOne()
    :: else
    fi;
    round++
  od;
  done++
}

ltl everyoneEnds { <> (done == N) }
