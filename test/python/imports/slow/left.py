from slow import meeting

meeting.both.wait()
import slow.right

name = "left"
