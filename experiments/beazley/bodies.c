/*
 * The two lock bodies of Python 2.7 without Python: threads that spin, release and take again. Says
 * how the fight for the lock depends on where the kernel puts the threads (docs/lock.md).
 *
 *     cc -O1 -pthread bodies.c -o bodies && ./bodies condvar|semaphore SPIN THREADS [spread]
 *
 * SPIN: turns of an empty loop between two checks, about 0.25 ns each. spread: each thread is kept
 * on a core of its own, in turn.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 64, CALIBRATION = 20000, ROUNDS = 5 };
static const double TARGET_SECONDS = 0.3;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static int locked, with_semaphore, spread;
static long spin, checks, wakes, retries, switches, last_holder = -1;

static void take(long me) {
  if (with_semaphore) {
    while (sem_wait(&semaphore) != 0) continue;
  } else {
    pthread_mutex_lock(&mutex);
    for (int woken = 0; locked; woken = 1) {
      retries += woken;
      pthread_cond_wait(&released, &mutex);
      wakes++;
    }
    locked = 1;
    pthread_mutex_unlock(&mutex);
  }
  if (last_holder != me) switches++;
  last_holder = me;
}

static void drop(void) {
  if (with_semaphore) {
    sem_post(&semaphore);
    return;
  }
  pthread_mutex_lock(&mutex);
  locked = 0;
  pthread_mutex_unlock(&mutex);
  pthread_cond_signal(&released);
}

static void *compute(void *number) {
  long me = (long)number;
  if (spread) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(me % sysconf(_SC_NPROCESSORS_ONLN), &cores);
    pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
  }
  take(me);
  for (long i = 0; i < checks; i++) {
    for (volatile long turn = 0; turn < spin; turn++) continue;
    drop();
    take(me);
  }
  drop();
  return NULL;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Seconds that so many threads take for so many checks in all. */
static double run(long threads, long all) {
  pthread_t started[MOST_THREADS];
  double start = now();
  checks = all / threads;
  for (long i = 0; i < threads; i++) pthread_create(&started[i], NULL, compute, (void *)i);
  for (long i = 0; i < threads; i++) pthread_join(started[i], NULL);
  return now() - start;
}

int main(int argc, char **argv) {
  long threads = argc > 3 ? atol(argv[3]) : 0;
  if (threads < 1 || threads > MOST_THREADS) {
    fprintf(stderr, "usage: %s condvar|semaphore SPIN THREADS [spread]\n", argv[0]);
    return 2;
  }
  with_semaphore = strcmp(argv[1], "semaphore") == 0;
  spin = atol(argv[2]);
  spread = argc > 4;
  sem_init(&semaphore, 0, 1);
  run(1, CALIBRATION);
  double per_check = run(1, CALIBRATION) / CALIBRATION;
  for (int round = 0; round < ROUNDS; round++) {
    long all = TARGET_SECONDS / per_check;
    double alone = run(1, all);
    wakes = retries = switches = 0;
    double together = run(threads, all);
    printf("%.0f ns a check; 1 thread %.3f s, %ld threads %.3f s: %.2f; "
           "a second: %.0f wake-ups, %.0f failed, %.0f switches\n",
           alone / all * 1e9, alone, threads, together, together / alone, wakes / together,
           retries / together, switches / together);
  }
  return 0;
}
