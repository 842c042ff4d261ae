"use strict"

// A reader such as `head` may have enough before the end: what the program does goes on, unheard.
process.stdout.on("error", (failure) => {
  if (failure.code !== "EPIPE") {
    throw failure
  }
})
