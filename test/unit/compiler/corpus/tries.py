def f():
    try:
        a()
    except ValueError as e:
        print(e)
    except (KeyError, TypeError):
        return 1
    except:
        raise
    else:
        b()
    finally:
        c()
    return 2


def g():
    for i in range(3):
        try:
            if i:
                continue
            else:
                break
        finally:
            print(i)
    while True:
        try:
            return i
        finally:
            cleanup()


def h():
    try:
        x()
    except* ValueError as eg:
        print(eg)
    except* (TypeError, OSError):
        y()
    else:
        z()
    finally:
        w()


def k():
    with a as b, c, d as (e, f):
        for x in y:
            if x:
                return x
            with z:
                break
    with q:
        pass


def nested():
    try:
        try:
            raise A from B
        except A as e:
            return e
    except B:
        pass
    finally:
        try:
            x
        except:
            y
