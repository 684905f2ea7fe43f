/* Plays n generations of Life on a board of 64 by 64. */
#include <stdio.h>
#include <stdlib.h>

#define SIZE 64

static unsigned char board[SIZE + 2][SIZE + 2], next[SIZE + 2][SIZE + 2];

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  unsigned state = 5;
  for (int y = 1; y <= SIZE; y++) {
    for (int x = 1; x <= SIZE; x++) {
      state = state * 1664525 + 1013904223;
      board[y][x] = state >> 31;
    }
  }
  for (int i = 0; i < n; i++) {
    for (int y = 1; y <= SIZE; y++) {
      for (int x = 1; x <= SIZE; x++) {
        int around = board[y - 1][x - 1] + board[y - 1][x] + board[y - 1][x + 1] + board[y][x - 1] + board[y][x + 1] +
                     board[y + 1][x - 1] + board[y + 1][x] + board[y + 1][x + 1];
        next[y][x] = around == 3 || (around == 2 && board[y][x]);
      }
    }
    for (int y = 1; y <= SIZE; y++)
      for (int x = 1; x <= SIZE; x++) board[y][x] = next[y][x];
  }
  int alive = 0;
  for (int y = 1; y <= SIZE; y++)
    for (int x = 1; x <= SIZE; x++) alive += board[y][x] * (x + y);
  printf("%d\n", alive);
}
