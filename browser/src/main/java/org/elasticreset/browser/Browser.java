package org.elasticreset.browser;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** A Chromium of its own, without a screen, that a test clicks and types in. */
public final class Browser implements AutoCloseable {

  private static final String MISSING =
      "Chromium and its driver are needed to test the page, and %s is missing: run"
          + " `apt-get install chromium chromium-driver`, or say where they are in CHROMIUM and"
          + " CHROMEDRIVER";

  /** It warns that it does not know the newest Chromium, of which we use nothing that is new. */
  private static final Logger VERSIONS = Logger.getLogger("org.openqa.selenium.devtools");

  private final ChromeDriver driver;

  /** Starts one, as wide as a desk. */
  public Browser() {
    VERSIONS.setLevel(Level.SEVERE);
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(executable("CHROMEDRIVER", "chromedriver"))
            .withSilent(true)
            .build();
    var options = new ChromeOptions();
    options.setBinary(executable("CHROMIUM", "chromium", "chromium-browser", "google-chrome"));
    // A build may run as root, where Chromium's sandbox does not; the pages are ours.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--hide-scrollbars",
        "--no-first-run",
        "--lang=en");
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    driver = new ChromeDriver(service, options);
    wide();
  }

  private static File executable(String variable, String... names) {
    Optional<Path> named = Optional.ofNullable(System.getenv(variable)).map(Path::of);
    var onThePath =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)));
    return Stream.concat(named.stream(), onThePath)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(MISSING.formatted(names[0])))
        .toFile();
  }

  /** Opens a page. */
  public void open(URI address) {
    driver.get(address.toString());
  }

  /** Another person: no cookie, nothing remembered, one empty tab. */
  public void forgetEverything(URI origin) {
    driver.executeCdpCommand(
        "Storage.clearDataForOrigin",
        Map.of("origin", origin.toString().replaceAll("/$", ""), "storageTypes", "all"));
    driver.manage().deleteAllCookies();
    lost(false);
    colours("light");
    wide();
    var tabs = List.copyOf(driver.getWindowHandles());
    for (String tab : tabs.subList(1, tabs.size())) {
      driver.switchTo().window(tab).close();
    }
    driver.switchTo().window(tabs.get(0));
    driver.get("about:blank");
    driver.executeCdpCommand("Page.resetNavigationHistory", Map.of());
    driver.manage().logs().get(LogType.BROWSER);
  }

  /** A second tab, which is then the one that is clicked. */
  public void openTab(URI address) {
    driver.switchTo().newWindow(WindowType.TAB);
    open(address);
  }

  /** Goes to a tab; 0 is the first. */
  public void switchToTab(int index) {
    driver.switchTo().window(List.copyOf(driver.getWindowHandles()).get(index));
  }

  /** Where it is. */
  public String address() {
    return driver.getCurrentUrl();
  }

  /** Addresses that the back button could lead to, and this one. */
  @SuppressWarnings("unchecked")
  public List<String> history() {
    var history = driver.executeCdpCommand("Page.getNavigationHistory", Map.of());
    return ((List<Map<String, Object>>) requireNonNull(history.get("entries")))
        .stream().map(entry -> String.valueOf(entry.get("url"))).toList();
  }

  /** The element of this id. */
  public WebElement byId(String id) {
    return driver.findElement(By.id(id));
  }

  /** The elements that this selects. */
  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** What is seen of the element of this id, as text. */
  public String text(String id) {
    return byId(id).getText();
  }

  /** Whether the element of this id is seen. */
  public boolean isShown(String id) {
    return byId(id).isDisplayed();
  }

  /** Clicks the button that is seen and whose words begin so. */
  public void click(String words) {
    all("button").stream()
        .filter(b -> b.isDisplayed() && b.getText().startsWith(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no button '" + words + "': " + pageText()))
        .click();
  }

  /** Presses keys where the focus is. */
  public void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** The id, or else the text, of what has the focus. */
  public String focused() {
    var focused = driver.switchTo().activeElement();
    String id = focused.getAttribute("id");
    return id == null || id.isEmpty() ? focused.getText() : id;
  }

  /** Runs a script in the page; what it returns. */
  public @Nullable Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Waits until the element has the text in it. */
  public void awaitText(String id, String text) {
    await(id + " says '" + text + "'", () -> text(id).contains(text));
  }

  /** Waits until an element is seen. */
  public void awaitShown(String id) {
    await(id + " is seen", () -> isShown(id));
  }

  /** Waits, a minute at most. */
  public void await(String what, BooleanSupplier holds) {
    await(what, Duration.ofSeconds(60), holds);
  }

  /** Waits for as long as that. */
  public void await(String what, Duration most, BooleanSupplier holds) {
    long end = System.nanoTime() + most.toNanos();
    while (!isSo(holds)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + most + ": " + what + "; the page:\n" + pageText());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** An element that is gone before it is looked at says nothing: the page may be loaded anew. */
  private static boolean isSo(BooleanSupplier holds) {
    try {
      return holds.getAsBoolean();
    } catch (StaleElementReferenceException e) {
      return false;
    }
  }

  private String pageText() {
    return driver.findElement(By.tagName("body")).getText()
        + "\n"
        + driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  /** Cuts the connection, or brings it back. */
  public void lost(boolean lost) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of("offline", lost, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** As on a desk. */
  public void wide() {
    size(1280, 800, false);
  }

  /** As wide, and so high that more of the page is seen. */
  public void tall(int height) {
    size(1280, height, false);
  }

  /** As on a phone, without a pointer that hovers. */
  public void narrow(int width) {
    size(width, 740, true);
  }

  private void size(int width, int height, boolean mobile) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", mobile));
  }

  /** What the reader's system prefers: {@code light} or {@code dark}. */
  public void colours(String scheme) {
    var scheming = Map.of("name", "prefers-color-scheme", "value", scheme);
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(scheming)));
  }

  /** What is seen, as a PNG. */
  public Path screenshot(String name) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "screenshots"));
      return Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the accessibility rules of axe-core find: one line for each violation.
   *
   * @param rules the ids of those to look at; none: all
   */
  @SuppressWarnings("unchecked")
  public List<String> accessibilityViolations(String... rules) {
    if (Boolean.FALSE.equals(driver.executeScript("return 'axe' in window"))) {
      driver.executeScript(axe());
    }
    return (List<String>)
        requireNonNull(
            driver.executeAsyncScript(
                "const [rules, done] = arguments;"
                    // Colours that are on their way are nobody's.
                    + "document.getAnimations().forEach(each => each.finish());"
                    + "const only = rules.length > 0 ? {runOnly: rules} : {};"
                    + "axe.run(document, {resultTypes: ['violations'], ...only}).then(found => done("
                    + "  found.violations.flatMap(v => v.nodes.map(n =>"
                    + "    `${v.id}: ${n.html} ${n.failureSummary}`))), e => done([String(e)]));",
                List.of(rules)));
  }

  private static String axe() {
    try (var script = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page said on its console, of scripts that were refused or failed. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
