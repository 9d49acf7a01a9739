/**
 * Between the tools that people rate in and the messages of the contract: requests as Argilla and
 * Label Studio show them, what their webhooks report as ratings, and proof that a webhook is who it
 * says; and the files of preferences that TRL reads. No server, no clock, no topic: whoever has
 * those calls it.
 */
@NullMarked
package org.elasticreset.rating.tools;

import org.jspecify.annotations.NullMarked;
