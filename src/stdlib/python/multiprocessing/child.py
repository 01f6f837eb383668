"""The program of a process that waits for its work."""

from multiprocessing.spawn import serve

serve()
