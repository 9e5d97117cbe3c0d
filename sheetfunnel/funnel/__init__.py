"""The core: Miller and Heiman's funnel, values in, values out.

Nothing in this package touches a file, a network, a clock or the environment.
"""
