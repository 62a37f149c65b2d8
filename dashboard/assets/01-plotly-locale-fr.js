/* French dates in hover labels and French words in the tools of charts, for the plotly bundle beside this file. */
(function () {
  "use strict";
  window.Plotly.register({
    moduleType: "locale",
    name: "fr",
    dictionary: {
      Autoscale: "Échelle automatique",
      "Download plot as a PNG": "Télécharger l’image PNG",
      "Download plot": "Télécharger l’image",
      Pan: "Déplacer",
      "Reset axes": "Revenir à la vue de départ",
      Zoom: "Zoom",
      "Zoom in": "Agrandir",
      "Zoom out": "Réduire",
    },
    format: {
      days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
      shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
      months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
      shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
      date: "%d/%m/%Y",
    },
  });
})();
