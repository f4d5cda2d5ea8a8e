/* gantry/abi/json.h - reading JSON. The host parses a request body once; plugins read it in place.
 * Ask with host->get(host->self, GANTRY_JSON_ID). */
#ifndef GANTRY_ABI_JSON_H
#define GANTRY_ABI_JSON_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_JSON_ID "gantry.json/1"

/* One value inside a parsed document. Borrowed: lives as long as the document. */
typedef struct gantry_json_node gantry_json_node;

#define GANTRY_JSON_NULL 0
#define GANTRY_JSON_BOOL 1
#define GANTRY_JSON_NUMBER 2
#define GANTRY_JSON_STRING 3
#define GANTRY_JSON_ARRAY 4
#define GANTRY_JSON_OBJECT 5

typedef struct gantry_json {
  uint32_t size;
  void *self;

  /* Parses `text` (RFC 8259; duplicate members refused; bounds of the `json` section) into a document to
   * be freed with free(). GANTRY_INVALID · GANTRY_EXHAUSTED. [any] */
  gantry_rc (*parse)(void *self, gantry_str text, gantry_handle *document,
                     const gantry_json_node **root, const gantry_sink *why) GANTRY_NOEXCEPT;
  void (*free)(void *self, gantry_handle document) GANTRY_NOEXCEPT;

  /* Reading a node, all [any]. A node of another type answers null, 0 or GANTRY_INVALID. */
  uint32_t (*type)(void *self, const gantry_json_node *node) GANTRY_NOEXCEPT;
  const gantry_json_node *(*member)(void *self, const gantry_json_node *object, gantry_str name) GANTRY_NOEXCEPT;
  uint32_t (*count)(void *self, const gantry_json_node *array_or_object) GANTRY_NOEXCEPT;
  /* Element i of an array, or value i of an object in text order with its name in `name` (may be null). */
  const gantry_json_node *(*at)(void *self, const gantry_json_node *array_or_object, uint32_t i,
                                gantry_str *name) GANTRY_NOEXCEPT;
  gantry_rc (*text)(void *self, const gantry_json_node *node, gantry_str *value) GANTRY_NOEXCEPT;
  gantry_rc (*boolean)(void *self, const gantry_json_node *node, uint32_t *value) GANTRY_NOEXCEPT;
  /* GANTRY_INVALID when it has a fraction or does not fit. */
  gantry_rc (*integer)(void *self, const gantry_json_node *node, int64_t *value) GANTRY_NOEXCEPT;
  gantry_rc (*number)(void *self, const gantry_json_node *node, double *value) GANTRY_NOEXCEPT;
  /* Writes the node as JSON text. */
  void (*write)(void *self, const gantry_json_node *node, const gantry_sink *text) GANTRY_NOEXCEPT;
} gantry_json;

#ifdef __cplusplus
}
#endif
#endif
