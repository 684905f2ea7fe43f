/* Hostile: looks for the last member of a large object over and over.
 * Expected: limit instructions */
#include <gazelle_json.h>
#include <stdio.h>
#include <string.h>
static char text[200000];
int main(void) {
  gazelle_json_writer writer;
  gazelle_json_begin(&writer, text, sizeof text);
  gazelle_json_open_object(&writer);
  for (int i = 0; i < 2000; i++) {
    char name[20];
    sprintf(name, "member%d", i);
    gazelle_json_write_name(&writer, name);
    gazelle_json_write_string(&writer, "\"\\ escapes \n");
  }
  gazelle_json_close_object(&writer);
  gazelle_json object = gazelle_json_parse(text, gazelle_json_end(&writer));
  for (;;) gazelle_json_member(object, "member1999");
}
