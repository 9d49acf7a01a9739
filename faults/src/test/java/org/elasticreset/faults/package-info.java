@org.jspecify.annotations.NullMarked
package org.elasticreset.faults;
