/*
 * The disciplines whose waiters sleep on the lock word: py2-semaphore, with ASKS py32-unforced, with
 * ASKS and FORCED py32. The word as in src/gil/words.ts: 1 locked, 2 waiters, 4 request, from 8 the
 * holder. What the code does by one compare-and-swap is one atomic step here.
 */
#ifndef N
#define N 3
#endif
#define ROUNDS 2

int word = 8 * N;
bool asleep[N];
byte inside, done;

inline wakeOne() {
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
  int seen;
  bool passOn;

  do
  :: round == ROUNDS -> break
  :: else ->
    passOn = false;
    do
    :: seen = word;
      if
      :: (seen & 1) == 0 ->
        atomic {
          if
          :: word == seen -> word = 8 * me + 1 + ((seen & 2) | (passOn -> 2 : 0)); break
          :: else
          fi
        }
      :: else ->
        atomic {
          if
          :: word == seen -> word = seen | 2
          :: else -> skip
          fi
        }
        /* Falling asleep and the look at the word are one step for who notifies. */
        atomic {
          if
          :: word == (seen | 2) -> asleep[me] = true
          :: else
          fi
        }
        passOn = false;
        if
        :: !asleep[me] -> passOn = true
#ifdef ASKS
        :: atomic {
            asleep[me] -> asleep[me] = false;
            if
            :: (word & 1) && (word >> 3) == (seen >> 3) -> word = word | 4
            :: else
            fi
          }
#endif
        fi
      fi
    od;
    inside++;
    assert(inside == 1);
    assert((word >> 3) == me && (word & 1));
    inside--;
    do
    :: seen = word;
      atomic {
        if
        :: word == seen -> word = seen & ~3; break
        :: else
        fi
      }
    od;
    if
    :: seen & 2 -> wakeOne()
    :: else
    fi;
#ifdef FORCED
    /* G7(4): until another thread took the lock, or nobody asks any more. */
    !((word & 4) && !(word & 1) && (word >> 3) == me);
#else
    skip;
#endif
    round++
  od;
  done++
}

ltl everyoneEnds { <> (done == N) }
