"""What leaves the reading room: rows built purely, then written.

Import from its modules: the plots load matplotlib, the row builders nothing.
"""
