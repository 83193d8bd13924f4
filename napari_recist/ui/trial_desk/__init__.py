"""The trial desk: where those who run a trial see how far it is, and do what their role may."""
