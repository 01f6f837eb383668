/*
 * The disciplines with a queue: fifo and timer as they are, priority with RANKED (higher slots
 * first). The lock is handed over to the first of the queue; see src/gil/queue.ts.
 */
#ifndef N
#define N 3
#endif
#define ROUNDS 2

bool locked, waiters;
byte holder = N;
byte arrivals;
bool queued[N], arrived[N], asleep[N];
byte ticket[N];
byte tickets, inside, done;

#ifdef RANKED
#define BEFORE(a, b) (a > b)
#else
#define BEFORE(a, b) (ticket[a] < ticket[b])
#endif

inline look(i) {
  if
  :: queued[i] && (first == N || BEFORE(i, first)) -> first = i
  :: else
  fi
}

inline mayFollow(i) {
  assert(!(arrived[i] && i != first && BEFORE(i, first)))
}

active [N] proctype Thread() {
  byte me = _pid;
  byte round = 0;
  byte seen, first;
  bool announced;

  do
  :: round == ROUNDS -> break
  :: else ->
    announced = false;
    atomic { ticket[me] = tickets; tickets++ }
    queued[me] = true;
    do
    :: atomic { !locked -> locked = true; waiters = false; holder = me; break }
    :: locked && holder == me -> break
    :: locked && holder != me && !announced ->
      /* The word must still say so when the arrival is counted. */
      atomic {
        if
        :: locked && holder != me ->
          arrivals = (arrivals + 1) % 16; waiters = true; announced = true; arrived[me] = true
        :: else
        fi
      }
    :: locked && holder != me && announced ->
      /* Who hands the lock over changes the turn: then there is no sleep. */
      atomic {
        if
        :: locked && holder == me
        :: else -> asleep[me] = true
        fi
      }
      !asleep[me]
    od;
    atomic { queued[me] = false; arrived[me] = false }
    inside++;
    assert(inside == 1);
    assert(holder == me && locked);
    inside--;
    do
    :: seen = arrivals;
      first = N;
      if
      :: waiters -> look(0); look(1); look(N - 1)
      :: else
      fi;
      atomic {
        if
        :: seen != arrivals
        :: seen == arrivals && first == N ->
          assert(!arrived[0] && !arrived[1] && !arrived[N - 1]);
          locked = false; waiters = false; break
        :: seen == arrivals && first != N ->
          mayFollow(0); mayFollow(1); mayFollow(N - 1);
          holder = first; break
        fi
      }
    od;
    if
    :: first != N -> asleep[first] = false
    :: else
    fi;
    round++
  od;
  done++
}

ltl everyoneEnds { <> (done == N) }
