"use strict";
(function () {
  var entries = JSON.parse(document.getElementById("entries").textContent);
  var wanted = document.getElementById("wanted");
  var found = document.getElementById("found");
  var told = document.getElementById("told");
  var most = 100;
  function words(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }
  function rank(entry, asked) {
    var title = entry[1].toLowerCase(), text = entry[2].toLowerCase(), points = 0;
    for (var i = 0; i < asked.length; i++) {
      var inTitle = title.indexOf(asked[i]), inText = text.indexOf(asked[i]);
      if (inTitle < 0 && inText < 0) { return 0; }
      points += (inTitle === 0 ? 6 : inTitle > 0 ? 4 : 0) + (inText >= 0 ? 1 : 0);
    }
    return points;
  }
  function show() {
    var asked = words(wanted.value);
    found.textContent = "";
    if (!asked.length) { told.textContent = ""; return; }
    var hits = [];
    for (var i = 0; i < entries.length; i++) {
      var points = rank(entries[i], asked);
      if (points) { hits.push([points, i]); }
    }
    hits.sort(function (one, other) { return other[0] - one[0] || one[1] - other[1]; });
    told.textContent = hits.length ? hits.length + (hits.length > most ? " found, the first " + most : " found") : "Nothing was found.";
    hits.slice(0, most).forEach(function (hit) {
      var entry = entries[hit[1]], line = document.createElement("li"), link = document.createElement("a");
      link.href = entry[0] + ".html";
      link.textContent = entry[1] || entry[2].slice(0, 80) || entry[3];
      line.appendChild(link);
      var more = document.createElement("small");
      more.textContent = "  " + entry[3] + (entry[1] && entry[2] ? " — " + entry[2].slice(0, 160) : "");
      line.appendChild(more);
      found.appendChild(line);
    });
  }
  wanted.value = new URLSearchParams(location.search).get("q") || "";
  wanted.addEventListener("input", show);
  show();
})();
