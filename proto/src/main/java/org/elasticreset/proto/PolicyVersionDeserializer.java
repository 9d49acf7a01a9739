package org.elasticreset.proto;

import org.elasticreset.proto.v1.PolicyVersion;

/** Reads the topic {@code policy-versions}. */
public final class PolicyVersionDeserializer extends ProtobufDeserializer<PolicyVersion> {

  public PolicyVersionDeserializer() {
    super(PolicyVersion.class, PolicyVersion.parser());
  }
}
