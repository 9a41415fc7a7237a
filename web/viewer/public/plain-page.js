/*
 * The page for browsers that can not read the viewer's script (older than 2021), or did not get it: the
 * video, and one sentence. Plain old JavaScript, run after the viewer's own script had its turn.
 */
(() => {
  var root = document.documentElement;
  if (root.getAttribute("data-script") === "running") return;

  var manifest = JSON.parse(document.getElementById("arv-manifest").textContent || "null");
  var chosen = manifest ? manifest.language : null;
  var russian = /^ru/.test(chosen || navigator.language || "");
  var sentence = russian
    ? "Этот браузер не смог открыть живое изображение. Вот видео. Чтобы увидеть его на отпечатке, обновите страницу или откройте её в свежей версии браузера."
    : "This browser could not open the living picture. Here is the video. To see it on the print, reload the page or open it in a current browser.";

  root.setAttribute("data-state", "unsupported");
  root.setAttribute("data-cause", "old_browser");
  var page = document.createElement("div");
  page.className = "plain-page";
  var video;
  var words = document.createElement("p");
  words.appendChild(document.createTextNode(sentence));
  if (manifest) {
    video = document.createElement("video");
    video.controls = true;
    video.setAttribute("playsinline", "");
    if (manifest.video.poster_url) video.poster = manifest.video.poster_url;
    video.src = plainUrl(manifest.video);
    page.appendChild(video);
  }
  page.appendChild(words);
  document.body.appendChild(page);

  /** A transparent video is colour and mask side by side: here the one laid on white plays. */
  function plainUrl(shown) {
    var others = (shown.renditions || []).filter((each) => each.alpha === "none");
    return shown.alpha === "side_by_side" && others.length ? others[0].url : shown.url;
  }
})();
