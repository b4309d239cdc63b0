"""Demo data: a year in the life of the shop, made up from a seed. `people` and `story` are pure; `load` hands the
story in.
"""
