"""The guided start: from a goal to two or three segments, one slot, and a day to look again."""
