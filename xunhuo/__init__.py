"""What others use of the project: the command (`python -m xunhuo`) and the client of a service (`xunhuo.client`)."""
