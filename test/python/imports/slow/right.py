from slow import meeting

meeting.both.wait()
import slow.left

name = "right"
