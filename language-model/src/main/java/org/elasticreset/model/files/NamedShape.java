package org.elasticreset.model.files;

/** What the header of a file says about a tensor beside where its values are. */
interface NamedShape {

  String name();

  /** Sizes, outermost first; empty for a scalar. */
  long[] shape();
}
