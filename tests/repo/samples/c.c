#include <stdio.h>
#include "session.h"

#define MAX_POOL 10
#define CLAMP(x, low) ((x) < (low) ? (low) : (x))

typedef struct session session_t;

/* One connection. */
struct session {
  int fd;
  struct session *next;
};

enum state {
  STATE_IDLE,
  STATE_BUSY
};

static const char *names[] = { "idle", "busy" };

int session_count(void);

/*
 * Opens a session.
 */
struct session *session_open(const char *host,
                             int port)
{
  session_t *s = alloc_session(sizeof(*s));
  s->fd = connect_to(host, port);
  s->ops->ready(s);
  return s;
}

static void
session_close(struct session *s)
{
  free(s);
}
