# Lines printed by several threads come out whole.
import threading


def speak(name):
    for i in range(50):
        print(name * 20, i)


threads = [threading.Thread(target=speak, args=(c,)) for c in "abc"]
for t in threads:
    t.start()
    t.join()
