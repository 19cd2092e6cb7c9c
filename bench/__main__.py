"""Run every measurement: `make bench`."""

from bench import reading, replies

if __name__ == "__main__":
    print("Reading")
    reading.main()
    print("\nReplies")
    replies.main()
