package org.elasticreset.ema;

import static org.elasticreset.ema.Role.LEARNER;
import static org.elasticreset.ema.Role.OPERATOR;
import static org.elasticreset.ema.Role.WORKER;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may call what: a method asks for one of its roles, and a name has the roles that list it.
 *
 * @param names of each role, as the callers' certificates have them
 */
record Permissions(Map<Role, Set<String>> names) {

  /** Of every method of the contract; what is not here, nobody may call. */
  static final Map<String, Set<Role>> ROLES =
      Map.of(
          "Train", Set.of(LEARNER),
          "FetchPolicy", Set.of(LEARNER, WORKER, OPERATOR),
          "GetStatus", Set.of(LEARNER, WORKER, OPERATOR),
          "RequestReset", Set.of(OPERATOR),
          "DecideReset", Set.of(OPERATOR),
          "Pause", Set.of(OPERATOR),
          "Resume", Set.of(OPERATOR));

  /** Why this caller may not call this method, in words; nothing if it may. */
  Optional<String> refusal(String method, String caller) {
    Set<Role> roles = ROLES.getOrDefault(method, Set.of());
    if (roles.stream().anyMatch(role -> names.getOrDefault(role, Set.of()).contains(caller))) {
      return Optional.empty();
    }
    String expected =
        roles.isEmpty()
            ? "no one"
            : "a name in "
                + roles.stream().sorted().map(Role::setting).collect(Collectors.joining(" or "));
    return Optional.of("caller of %s: %s (expected: %s)".formatted(method, caller, expected));
  }
}
