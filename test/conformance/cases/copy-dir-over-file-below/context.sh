mkdir -p tree/sub over; echo f > over/sub
