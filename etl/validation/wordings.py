"""The sentences of a report, by type of error and rule; ``messages`` puts the facts of a finding into them."""

from __future__ import annotations

from schemas.contract import Label

NAMES_FIRST = Label(
    "vérifiez le flux choisi ; les noms des colonnes doivent être sur la première ligne, et dans un classeur sur la"
    " première feuille",
    "check the chosen feed; the column names must be on the first line, and in a workbook on the first sheet",
)

UNKNOWN = Label(
    "« {value} » est inconnu : absent de la table de référence « {bound} », où il est cherché sous « {hint} »",
    "“{value}” is unknown: absent from the reference table “{bound}”, where it is looked up under “{hint}”",
)

# What was found and which rule it breaks, then what to do; by (type, rule) first, then by type.
FOUND: dict[str, tuple[Label, Label]] = {
    "source-error/empty": (
        Label("le fichier est vide", "the file is empty"),
        Label("renvoyez le fichier avec son en-tête et ses lignes", "send the file again with its header and rows"),
    ),
    "source-error/no-rows": (
        Label("le fichier n'a que son en-tête, aucune ligne", "the file has its header alone, no row"),
        Label("renvoyez-le avec ses lignes", "send it again with its rows"),
    ),
    "source-error/no-header": (
        Label("la première ligne est vide : il n'y a pas d'en-tête", "the first line is empty: there is no header"),
        Label("mettez les noms de colonnes sur la première ligne", "put the column names on the first line"),
    ),
    "source-error/sep-line": (
        Label(
            "la première ligne « {value} » n'est pas un en-tête, mais une indication pour le tableur",
            "the first line “{value}” is not a header, but a note for the spreadsheet program",
        ),
        Label(
            "supprimez cette première ligne : le séparateur est reconnu sans elle",
            "delete that first line: the separator is recognised without it",
        ),
    ),
    "source-error/two-separators": (
        Label(
            "les noms de colonnes sont séparés par « {value} », et les lignes qui suivent par « {hint} »",
            "the column names are separated by “{value}”, and the rows that follow by “{hint}”",
        ),
        Label(
            "mettez « {hint} » entre les noms de colonnes aussi, ou enregistrez de nouveau le tableau en CSV",
            "put “{hint}” between the column names too, or save the table as CSV again",
        ),
    ),
    "source-error/line-too-long": (
        Label("une ligne dépasse un million de caractères", "a line exceeds one million characters"),
        Label(
            "vérifiez que le fichier est bien un tableau CSV, une ligne par enregistrement",
            "check that the file is a CSV table, one line per record",
        ),
    ),
    "source-error/too-many-columns": (
        Label("l'en-tête compte {value} colonnes", "the header has {value} columns"),
        Label("vérifiez que le fichier est bien le tableau attendu", "check that this is the expected table"),
    ),
    "source-error/open-quote": (
        Label("un guillemet ouvert n'est jamais refermé", "an opening quote is never closed"),
        Label("refermez-le ou supprimez-le", "close it or delete it"),
    ),
    "source-error/stray-quote": (
        Label(
            "un guillemet ferme une cellule avant sa fin",
            "a quote closes a cell before its end",
        ),
        Label(
            'dans une cellule entre guillemets, doublez ceux du texte (""), ou supprimez-les',
            'in a quoted cell, double the quotes of the text (""), or delete them',
        ),
    ),
    "source-error/workbook": (
        Label("le classeur ne peut pas être lu", "the workbook cannot be read"),
        Label(
            "ouvrez-le et enregistrez-le de nouveau en .xlsx, .ods ou .csv, sans mot de passe",
            "open it and save it again as .xlsx, .ods or .csv, without a password",
        ),
    ),
    "source-error/workbook-too-big": (
        Label("le classeur est démesuré une fois décompressé", "the workbook is outsized once unpacked"),
        Label(
            "supprimez les lignes et colonnes vides ou enregistrez-le en .csv",
            "delete empty rows and columns or save it as .csv",
        ),
    ),
    "source-error/workbook-entities": (
        Label("le classeur contient une déclaration DOCTYPE", "the workbook holds a DOCTYPE declaration"),
        Label(
            "ouvrez-le dans le tableur, enregistrez-le de nouveau et renvoyez-le",
            "open it in the spreadsheet program, save it again and send it again",
        ),
    ),
    "source-error/two-sheets": (
        Label(
            "une seule feuille est lue ; « {value} » et « {hint} » ont toutes deux ces colonnes et des lignes",
            "only one sheet is read; “{value}” and “{hint}” both have these columns and rows",
        ),
        Label(
            "réunissez les lignes dans une feuille, ou supprimez ou masquez celle qui n'est pas à envoyer",
            "put the rows together in one sheet, or delete or hide the one that is not meant to be sent",
        ),
    ),
    "source-error/format": (
        Label("le format « {value} » n'est pas lu", "the format “{value}” is not read"),
        Label("enregistrez le tableau en .csv, .xlsx ou .ods", "save the table as .csv, .xlsx or .ods"),
    ),
    "encoding-error/nul": (
        Label("le fichier contient des octets nuls : ce n'est pas du texte", "the file has NUL bytes: it is not text"),
        Label("enregistrez le tableau en CSV UTF-8", "save the table as CSV UTF-8"),
    ),
    "encoding-error/binary": (
        Label(
            "le fichier contient des caractères de contrôle : ce n'est pas du texte",
            "the file has control characters: it is not text",
        ),
        Label("enregistrez le tableau en CSV UTF-8", "save the table as CSV UTF-8"),
    ),
    "encoding-error/mixed": (
        Label(
            "le fichier mêle deux encodages : UTF-8 (d'abord à la ligne {value}) et un autre, sans doute Windows-1252"
            " (d'abord à la ligne {hint})",
            "the file mixes two encodings: UTF-8 (first in line {value}) and another, probably Windows-1252 (first in"
            " line {hint})",
        ),
        Label(
            "récrivez les lettres accentuées de ces lignes et enregistrez le tableau en CSV UTF-8",
            "write the accented letters of these lines again and save the table as CSV UTF-8",
        ),
    ),
    "encoding-error/halves": (
        Label(
            "les octets {value} sont la moitié d'un caractère UTF-16, pas un caractère",
            "the bytes {value} are half a character of UTF-16, not a character",
        ),
        Label("enregistrez le tableau en CSV UTF-8", "save the table as CSV UTF-8"),
    ),
    "encoding-error/old": (
        Label(
            "« {value} » : l'encodage est sans doute celui d'un ancien Macintosh ou de MS-DOS, dont les lettres"
            " accentuées seraient lues pour d'autres signes",
            "“{value}”: the encoding is probably that of an old Macintosh or of MS-DOS, whose accented letters would be"
            " read as other signs",
        ),
        Label("enregistrez le tableau en CSV UTF-8", "save the table as CSV UTF-8"),
    ),
    "encoding-error": (
        Label(
            "des octets n'ont de sens ni en UTF-8 ni en Windows-1252", "bytes mean nothing in UTF-8 nor in Windows-1252"
        ),
        Label("enregistrez le tableau en CSV UTF-8", "save the table as CSV UTF-8"),
    ),
    "blank-header": (
        Label("l'en-tête est vide", "the header is empty"),
        Label("mettez les noms de colonnes sur la première ligne", "put the column names on the first line"),
    ),
    "unmatched-header": (
        Label("aucune colonne du fichier n'est au contrat", "no column of the file is in the contract"),
        Label("vérifiez le flux choisi et les noms de colonnes", "check the chosen feed and the column names"),
    ),
    "unmatched-header/other-row": (
        Label(
            "les noms des colonnes ne sont pas sur la première ligne, mais à la ligne {value}",
            "the column names are not on the first line, but in row {value}",
        ),
        Label("supprimez les lignes qui précèdent la ligne {value}", "delete the lines above row {value}"),
    ),
    "unmatched-header/other-sheet": (
        Label(
            "seule la première feuille visible est lue ; les noms des colonnes sont dans la feuille « {value} »,"
            " ligne {hint}",
            "only the first visible sheet is read; the column names are in the sheet “{value}”, row {hint}",
        ),
        Label(
            "mettez cette feuille en premier dans le classeur, ou enregistrez-la seule",
            "put that sheet first in the workbook, or save it alone",
        ),
    ),
    "extra-label/similar-label": (
        Label("la colonne « {value} » n'est pas au contrat", "the column “{value}” is not in the contract"),
        Label("vouliez-vous dire « {bound} » ? Renommez-la", "did you mean “{bound}”? Rename it"),
    ),
    "extra-label/near-label": (
        Label(
            "la colonne « {value} » n'est pas au contrat, et « {bound} » manque",
            "the column “{value}” is not in the contract, and “{bound}” is missing",
        ),
        Label(
            "peut-être « {bound} » renommée : rendez-lui ce nom ; sinon, supprimez-la et ajoutez « {bound} »",
            "perhaps “{bound}” under another name: give it that name back; else, delete it and add “{bound}”",
        ),
    ),
    "extra-label/unknown-header": (
        Label(
            "la colonne « {value} » n'est pas au contrat, ni aucune autre de cette ligne",
            "the column “{value}” is not in the contract, nor is any other of this line",
        ),
        NAMES_FIRST,
    ),
    "incorrect-label/similar-label": (
        Label("« {value} » n'est pas un nom du contrat", "“{value}” is not a name of the contract"),
        Label("vouliez-vous dire « {bound} » ? Renommez la colonne", "did you mean “{bound}”? Rename the column"),
    ),
    "incorrect-label/near-label": (
        Label(
            "« {value} » n'est pas un nom du contrat, et « {bound} » manque",
            "“{value}” is not a name of the contract, and “{bound}” is missing",
        ),
        Label(
            "peut-être « {bound} » renommée : rendez-lui ce nom ; sinon, supprimez-la et ajoutez « {bound} »",
            "perhaps “{bound}” under another name: give it that name back; else, delete it and add “{bound}”",
        ),
    ),
    "incorrect-label/unknown-header": (
        Label(
            "« {value} » est à la place de « {bound} », et aucun nom du contrat n'est sur cette ligne",
            "“{value}” stands in the place of “{bound}”, and no name of the contract is on this line",
        ),
        NAMES_FIRST,
    ),
    "extra-label": (
        Label("la colonne « {value} » n'est pas au contrat", "the column “{value}” is not in the contract"),
        Label("supprimez-la ou corrigez son nom", "delete it or mend its name"),
    ),
    "missing-label": (
        Label("la colonne manque", "the column is missing"),
        Label("ajoutez la colonne « {bound} »", "add the column “{bound}”"),
    ),
    "blank-label": (
        Label("la colonne n'a pas de nom", "the column has no name"),
        Label("nommez-la « {bound} »", "name it “{bound}”"),
    ),
    "blank-label/nameless": (
        Label("la colonne n'a pas de nom", "the column has no name"),
        Label("supprimez-la, ou donnez-lui son nom au contrat", "delete it, or give it its name in the contract"),
    ),
    "duplicate-label": (
        Label("le nom « {value} » est porté par deux colonnes", "two columns bear the name “{value}”"),
        Label("gardez une seule colonne de ce nom", "keep one column of that name"),
    ),
    "incorrect-label": (
        Label("« {value} » est à la place de « {bound} »", "“{value}” stands in the place of “{bound}”"),
        Label(
            "remettez les colonnes dans l'ordre et sous les noms du contrat",
            "put the columns in the order and under the names of the contract",
        ),
    ),
    "blank-row": (Label("la ligne est vide", "the row is empty"), Label("supprimez-la", "delete it")),
    "row-error/total-row": (
        Label(
            "la ligne commence par « {value} » : c'est un total, pas une ligne du tableau",
            "the row begins with “{value}”: it is a total, not a row of the table",
        ),
        Label(
            "supprimez cette ligne, les totaux sont calculés à partir des autres",
            "delete this row, totals are computed from the others",
        ),
    ),
    "extra-cell": (
        Label(
            "« {value} » (cellule {hint}) dépasse la dernière colonne de l'en-tête",
            "“{value}” (cell {hint}) is beyond the last column of the header",
        ),
        Label(
            "supprimez la cellule, ou donnez un nom à sa colonne ; dans un CSV, mettez entre guillemets le texte qui"
            " contient le séparateur",
            "delete the cell, or name its column; in a CSV, quote the text that holds the separator",
        ),
    ),
    "missing-cell": (
        Label("la ligne s'arrête avant cette colonne", "the row ends before this column"),
        Label("complétez la ligne", "complete the row"),
    ),
    "type-error": (
        Label("« {value} » n'est pas {bound}", "“{value}” is not {bound}"),
        Label("corrigez la cellule", "mend the cell"),
    ),
    "type-error/formula-error": (
        Label("la cellule contient l'erreur {value}, pas une valeur", "the cell holds the error {value}, not a value"),
        Label(
            "corrigez la formule, ou remplacez-la par la valeur, puis enregistrez le classeur",
            "mend the formula, or replace it with the value, then save the workbook",
        ),
    ),
    "type-error/formula-value": (
        Label(
            "la formule « {value} » n'a pas de résultat enregistré",
            "the formula “{value}” has no result saved with it",
        ),
        Label(
            "ouvrez le classeur dans le tableur, laissez-le calculer, enregistrez-le et renvoyez-le ;"
            " ou remplacez la formule par sa valeur",
            "open the workbook in the spreadsheet program, let it compute, save it and send it again;"
            " or replace the formula with its value",
        ),
    ),
    "type-error/number-format": (
        Label(
            "la cellule montre « {value} », qui n'est pas le nombre qu'elle contient",
            "the cell shows “{value}”, which is not the number that it holds",
        ),
        Label(
            "donnez à la cellule le format Standard et écrivez ce qui doit être lu",
            "give the cell the General format and write what is to be read",
        ),
    ),
    "type-error/hidden-value": (
        Label(
            "la cellule contient une valeur que son format cache",
            "the cell holds a value that its format hides",
        ),
        Label(
            "donnez à la cellule le format Standard ; videz-la, ou gardez sa valeur",
            "give the cell the General format; empty it, or keep its value",
        ),
    ),
    "type-error/decimal": (
        Label(
            "le nombre {value} tient lieu de texte : un tableur n'y distingue pas 1.1 de 1.10",
            "the number {value} stands for a text: a spreadsheet does not tell 1.1 from 1.10 there",
        ),
        Label(
            "donnez à la colonne le format Texte, puis récrivez la cellule",
            "give the column the Text format, then write the cell again",
        ),
    ),
    "type-error/merged": (
        Label(
            "la cellule est fusionnée avec ses voisines ({value}) : sa valeur ne serait lue que sur sa ligne",
            "the cell is merged with its neighbours ({value}): its value would be read in its own row only",
        ),
        Label(
            "défusionnez ces cellules et écrivez dans chacune sa valeur",
            "unmerge these cells and write in each its own value",
        ),
    ),
    "constraint-error/required": (
        Label("la cellule est vide, or elle est obligatoire", "the cell is empty, yet it is required"),
        Label("renseignez-la", "fill it in"),
    ),
    "constraint-error/minimum": (
        Label("{value} est inférieur au minimum {bound}", "{value} is below the minimum {bound}"),
        Label("corrigez la valeur", "mend the value"),
    ),
    "constraint-error/maximum": (
        Label("{value} est supérieur au maximum {bound}", "{value} is above the maximum {bound}"),
        Label("corrigez la valeur", "mend the value"),
    ),
    "constraint-error/exclusiveMinimum": (
        Label("{value} n'est pas supérieur à {bound}", "{value} is not above {bound}"),
        Label("corrigez la valeur", "mend the value"),
    ),
    "constraint-error/exclusiveMaximum": (
        Label("{value} n'est pas inférieur à {bound}", "{value} is not below {bound}"),
        Label("corrigez la valeur", "mend the value"),
    ),
    "constraint-error/minLength": (
        Label("« {value} » est plus court que {bound}", "“{value}” is shorter than {bound}"),
        Label("corrigez le texte", "mend the text"),
    ),
    "constraint-error/maxLength": (
        Label("« {value} » est plus long que {bound}", "“{value}” is longer than {bound}"),
        Label("raccourcissez le texte", "shorten the text"),
    ),
    "constraint-error/pattern": (
        Label("« {value} » n'a pas la forme attendue", "“{value}” has not the expected form"),
        Label("corrigez le texte", "mend the text"),
    ),
    "constraint-error/invisible": (
        Label("« {value} » contient {hint}", "“{value}” holds {hint}"),
        Label("supprimez ce signe, que personne ne voit", "delete that sign, which nobody sees"),
    ),
    "constraint-error/abime": (
        Label(
            "« {value} » a perdu des lettres : « {hint} » en tient lieu",
            "“{value}” has lost letters: “{hint}” stands for them",
        ),
        Label(
            "récrivez ce texte, ou repartez du tableau d'origine et enregistrez-le en CSV UTF-8",
            "write that text again, or go back to the original table and save it as CSV UTF-8",
        ),
    ),
    "constraint-error/formule": (
        Label(
            "« {value} » serait pris pour une formule par un tableur",
            "“{value}” would be taken for a formula by a spreadsheet program",
        ),
        Label(
            "commencez le texte par une lettre ou un chiffre, et non par =, +, -, @, un espace ou une tabulation ;"
            " après un point-virgule, mettez un espace",
            "begin the text with a letter or a digit, not with =, +, -, @, a space or a tab;"
            " after a semicolon, put a space",
        ),
    ),
    "constraint-error": (
        Label("« {value} » n'est pas une des valeurs admises", "“{value}” is not one of the accepted values"),
        Label("choisissez parmi : {bound}", "choose among: {bound}"),
    ),
    "unique-error": (
        Label("« {value} » est déjà à la ligne {hint}", "“{value}” is already in row {hint}"),
        Label("gardez une seule des deux lignes ou corrigez la valeur", "keep one of the two rows or mend the value"),
    ),
    "primary-key": (
        Label(
            "la clé ({bound}) « {value} » est déjà à la ligne {hint}",
            "the key ({bound}) “{value}” is already in row {hint}",
        ),
        Label("gardez une seule des deux lignes ou corrigez la clé", "keep one of the two rows or mend the key"),
    ),
    "primary-key/absent": (
        Label("la clé ({bound}) est incomplète", "the key ({bound}) is incomplete"),
        Label("renseignez toutes ses colonnes", "fill in all of its columns"),
    ),
    "foreign-key": (
        UNKNOWN,
        Label(
            "corrigez la valeur ou demandez son ajout à cette table",
            "mend the value or ask for it to be added to that table",
        ),
    ),
    "foreign-key/near": (
        UNKNOWN,
        Label(
            "vouliez-vous dire « {near} » ? Écrivez-le ainsi ; sinon, demandez son ajout à cette table",
            "did you mean “{near}”? Write it so; else, ask for it to be added to that table",
        ),
    ),
    "row-constraint": (
        Label(
            "{hint}, ce qui ne respecte pas « {title} »",
            "{hint}, which does not keep to “{title}”",
        ),
        Label("corrigez {bound}", "mend {bound}"),
    ),
}

KINDS = {
    "integer": Label("un nombre entier", "an integer"),
    "number": Label("un nombre", "a number"),
    "boolean": Label("un booléen (vrai ou faux)", "a boolean"),
    "date": Label("une date (AAAA-MM-JJ)", "a date (YYYY-MM-DD)"),
    "time": Label("une heure (hh:mm:ss)", "a time (hh:mm:ss)"),
    "datetime": Label("une date et heure (AAAA-MM-JJThh:mm:ss)", "a date and time (YYYY-MM-DDThh:mm:ss)"),
    "year": Label("une année (AAAA)", "a year (YYYY)"),
    "yearmonth": Label("un mois (AAAA-MM)", "a month (YYYY-MM)"),
}
