// A lock with a defect, to see what `takegil check` says about one: the lock is dropped by a load
// and a store. What a waiter wrote in between, that it sleeps and wants to be woken, is lost.
export default ({ Py32, isLocked, LOCK }) =>
  class Hasty extends Py32 {
    replace(word, next) {
      if (!isLocked(word) || isLocked(next)) return super.replace(word, next);
      this.memory.store(LOCK, next);
      return true;
    }
  };
