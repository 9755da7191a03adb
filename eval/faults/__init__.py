"""Faults planted in verified answers: does verification find them, and only them?"""
