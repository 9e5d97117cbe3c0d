"""The sync that nobody has to remember: put into the scheduler of this machine, run, and looked after."""
