"""Did it help: figures for people, about everything that happens in the rooms before."""
