// What verify.js finds, in Dutch: the same words as those of verify.py, to which a test
// holds them.

export const DUTCH = {
  "a node of the proof is not 32 bytes":
    "een schakel van het bewijs is niet 32 bytes lang",
  "a pack begins with event 1":
    "een pakket begint met gebeurtenis 1",
  "a text ends with one newline":
    "een tekst eindigt met één regeleinde",
  "an event is an object":
    "een gebeurtenis is een object",
  "it is not signed by the log's key":
    "het is niet ondertekend met de sleutel van het logboek",
  "it is of another log: {}":
    "het is van een ander logboek: {}",
  "no key was given: who made this pack can't be decided":
    "er is geen sleutel opgegeven: wie dit pakket maakte, is niet te beoordelen",
  "no key was given: who signed the checkpoint can't be decided":
    "er is geen sleutel opgegeven: wie het ijkpunt ondertekende, is niet te beoordelen",
  "not exactly the files are named":
    "niet precies de juiste bestanden zijn genoemd",
  "pack.json names another checkpoint":
    "pack.json noemt een ander ijkpunt",
  "the census does not know this head":
    "de telling kent dit einde niet",
  "the census does not speak for what is before it":
    "de telling omvat niet wat ervoor staat",
  "the census is not as it should be":
    "de telling is niet zoals het hoort",
  "the census is not in the log at {}":
    "de telling staat niet in het logboek op plaats {}",
  "the census is not the last in the log":
    "de telling is niet het laatste in het logboek",
  "the census is of a version that this program does not know":
    "de telling heeft een versie die dit programma niet kent",
  "the census is shown for {}":
    "de telling is getoond voor {}",
  "the counts are not those of the events":
    "de aantallen zijn niet die van de gebeurtenissen",
  "the erasure is not as it should be":
    "de wissing is niet zoals het hoort",
  "the event after it does not name this one":
    "de gebeurtenis erna noemt deze gebeurtenis niet",
  "the event does not have exactly its members":
    "de gebeurtenis heeft niet precies de juiste velden",
  "the event does not name the one before it":
    "de gebeurtenis noemt niet de gebeurtenis ervoor",
  "the event is not in the log at {}":
    "de gebeurtenis staat niet in het logboek op plaats {}",
  "the event is not in what the census speaks for":
    "de gebeurtenis valt buiten wat de telling omvat",
  "the event is of a version that this program does not know":
    "de gebeurtenis heeft een versie die dit programma niet kent",
  "the event says it belongs to {}":
    "de gebeurtenis zegt dat ze hoort bij {}",
  "the event says it is number {}":
    "de gebeurtenis zegt dat ze nummer {} is",
  "the event's {} is not as it should be":
    "het veld {} van de gebeurtenis is niet zoals het hoort",
  "the format {} is not known to this program":
    "dit programma kent de vorm {} niet",
  "the last line does not end":
    "de laatste regel heeft geen einde",
  "the log is not a continuation of the older checkpoint":
    "het logboek is geen voortzetting van het oudere ijkpunt",
  "the members are not as they should be":
    "de velden zijn niet zoals het hoort",
  "the note is not signed by the log's key":
    "het bericht is niet ondertekend met de sleutel van het logboek",
  "the note is over another pack.json":
    "het bericht gaat over een andere pack.json",
  "the note must have one signature":
    "het bericht moet één handtekening hebben",
  "the older checkpoint can't be read":
    "het oudere ijkpunt is niet te lezen",
  "the older checkpoint has {} events, the pack's has {}":
    "het oudere ijkpunt heeft {} gebeurtenissen, dat van het pakket {}",
  "the older checkpoint is not signed by a key given":
    "het oudere ijkpunt is niet ondertekend met een opgegeven sleutel",
  "the older checkpoint is of another log":
    "het oudere ijkpunt is van een ander logboek",
  "the openings are not in order, each once":
    "de openingen staan niet op volgorde, elk één keer",
  "the pack has no proof from a checkpoint of {} events":
    "het pakket heeft geen bewijs vanaf een ijkpunt van {} gebeurtenissen",
  "the pack is by {}, which is not a key given":
    "het pakket is van {}, en die sleutel is niet opgegeven",
  "the places in the log do not rise":
    "de plaatsen in het logboek lopen niet op",
  "the proof from {} does not hold":
    "het bewijs vanaf {} klopt niet",
  "the signature of {} does not hold":
    "de handtekening van {} klopt niet",
  "the sizes do not rise":
    "de groottes lopen niet op",
  "the stream ends at event {}":
    "de reeks eindigt bij gebeurtenis {}",
  "the stream ends with another event {}":
    "de reeks eindigt met een andere gebeurtenis {}",
  "there are {} proofs":
    "er zijn {} bewijzen",
  "there is not one event":
    "er is geen enkele gebeurtenis",
  "there is something between the files":
    "er staat iets tussen de bestanden",
  "these are not the files of a pack":
    "dit zijn niet de bestanden van een pakket",
  "this browser can't check Ed25519 signatures: use another one, or verify.py":
    "deze browser kan geen Ed25519-handtekening controleren: gebruik een andere, of verify.py",
  "this browser computes no SHA-256 here: open the page over https":
    "deze browser rekent hier geen SHA-256 uit: open de pagina via https",
  "this can't be read ({})":
    "dit is niet te lezen ({})",
  "this event is no census":
    "deze gebeurtenis is geen telling",
  "this is no key":
    "dit is geen sleutel",
  "this is not JSON in canonical form":
    "dit is geen JSON in canonieke vorm",
  "this is not a checkpoint":
    "dit is geen ijkpunt",
  "this is not a readable ZIP file":
    "dit is geen leesbaar ZIP-bestand",
  "this is not a signed note":
    "dit is geen ondertekend bericht",
  "{} events are announced, {} are there":
    "er zijn {} gebeurtenissen aangekondigd, en er zijn er {}",
  "{} is damaged":
    "{} is beschadigd",
  "{} is named twice":
    "{} is twee keer genoemd",
  "{} is no private field":
    "{} is geen privéveld",
  "{} is not dated 1980-01-01":
    "{} heeft niet de datum 1980-01-01",
  "{} is not opened, and no event says that it was erased":
    "{} is niet geopend, en geen gebeurtenis zegt dat het is gewist",
  "{} is not stored as it is":
    "{} is niet ongewijzigd opgeslagen",
  "{} is not the file that pack.json names":
    "{} is niet het bestand dat pack.json noemt",
  "{} is not what was committed to":
    "{} is niet wat er is vastgelegd",
  "{} is said to be two things":
    "{} wordt op twee manieren beschreven",
  "{} is withheld, and opened or erased as well":
    "{} is achtergehouden, en ook geopend of gewist",
  "{} of event {} is no private field":
    "{} van gebeurtenis {} is geen privéveld",
  "{} was erased, and is opened here":
    "{} is gewist, en wordt hier geopend",
};
