package org.elasticreset.hub;

/** Hears how a download goes on; called by the thread that downloads, often. */
public interface HubListener {

  /**
   * Bytes have arrived.
   *
   * @param model that is fetched
   * @param file of it that is being received
   * @param bytes received of the files that are fetched together, this one among them
   * @param total of those files, in bytes
   */
  void received(String model, String file, long bytes, long total);

  /** Something a person who waits wants to know: a pause, another process, a cache in its stead. */
  void told(String line);

  /** For those who do not look. */
  static HubListener silent() {
    return new HubListener() {
      @Override
      public void received(String model, String file, long bytes, long total) {}

      @Override
      public void told(String line) {}
    };
  }
}
