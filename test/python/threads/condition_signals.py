# A condition takes its lock back whatever signals come while it waits for it (H8): handlers run
# when it has it again.
import os
import signal
import threading
import time


class First(Exception):
    pass


class Second(Exception):
    pass


handled = []


def handler(signum, frame):
    handled.append(signum)
    raise First("first") if signum == signal.SIGUSR1 else Second("second")


signal.signal(signal.SIGUSR1, handler)
signal.signal(signal.SIGUSR2, handler)


def disturb(condition, signals):
    with condition:
        for signum in signals:
            if signum == signal.SIGUSR2:
                # The waiter is out of its wait, and cannot have the lock.
                while signal.SIGUSR1 not in handled:
                    time.sleep(0.01)
                time.sleep(0.1)
            os.kill(os.getpid(), signum)
            time.sleep(0.1)


def wait(condition, signals):
    handled.clear()
    with condition:
        with condition:
            helper = threading.Thread(target=disturb, args=(condition, signals))
            helper.start()
            try:
                condition.wait()
            except (First, Second) as error:
                print(type(error).__name__, "during", repr(error.__context__))
            print("owned", condition._is_owned())
        print("owned", condition._is_owned())
    print("owned", condition._is_owned())
    helper.join()


def main():
    wait(threading.Condition(), [signal.SIGUSR1])
    wait(threading.Condition(), [signal.SIGUSR1, signal.SIGUSR2])
    # The lock comes back to a waiter that was notified, and then a signal comes.
    condition = threading.Condition()

    def notify():
        with condition:
            condition.notify()
            time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0.1)

    with condition:
        helper = threading.Thread(target=notify)
        helper.start()
        try:
            print(condition.wait())
        except First as error:
            print("First during", repr(error.__context__))
        print("owned", condition._is_owned())
    helper.join()


main()
