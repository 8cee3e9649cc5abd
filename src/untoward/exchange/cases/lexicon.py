"""The small words around a term that change what is said of it, in English and Spanish, and the plain denials of
a few other languages.

A denial reaches a term only over words that are listed here as harmless in between. Any other word ends it, so
that "not sure if fever" and "no relief from the pain" keep the fever and the pain: a doubtful denial counts as
present.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENIALS = _words(
    """no not never without dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt deny denies denied denying
    neither none nil non negative lacks absent absence
    sin nunca tampoco niega negaba negativo ausencia ausente
    nao sem nenhum nenhuma nega pas sans aucun aucune kein keine keinen ohne senza nessun nessuna"""
)
"""Words that deny what follows. Two of them in a row undo each other."""

ALSO_DENY = _words("nor ni")
"""Words that go on denying, and deny by themselves."""

LIST_CLOSERS = ALSO_DENY | _words("or o u ou oder")
"""Words that join a further term to a denied one."""

AND = _words("and y e et und")
AND_CLOSES_AFTER = _words("deny denies denied denying niega negaba nega")
"""Only after a verb of denial does "and" join a further term ("denies fever, chills and vomiting")."""

BETWEEN = _words(
    """a an any of sign signs symptom symptoms evidence further more real obvious visible apparent for
    be been being is are was were has have had having get got getting feel feels feeling felt see seen seeing notice
    noticed noticing running with history complaint complaints complaining some in currently now today yet ever
    un una unos unas ningun ninguna ninguno nada hay habia hubo he ha has han tengo tiene tenia tenido tuvo tuve siento
    siente presento presenta presentado veo ve noto nota signo signos senal senales sintoma sintomas evidencia mas me
    le se de du d um uma tenho tem une eine einen"""
)
"""Words that may stand between a denial and what it denies."""

THEN_NOT_NOW = _words(
    """before until till unless like such so first initially yesterday earlier previously ago
    antes hasta ayer primero inicialmente como tan tanto previamente"""
)
"""Words that turn a denial into one of another time or measure ("no fever until today"); it then counts as present."""

STRONG = _words(
    """high severe strong bad intense extreme great major serious
    alta alto fuerte intenso intensa severo severa grave mucho mucha"""
)
"""Words of degree: to deny a high fever is not to deny fever."""

DOUBTS = _words(
    """maybe perhaps possibly possible probable probably might may could think thinks thought unsure sure uncertain seems
    suspected suspect suspicion looks whether if likely unclear
    quiza quizas talvez posible posiblemente probablemente creo cree parece pareceria sospecha dudoso duda segura seguro
    si acaso"""
)
"""Words that make a statement uncertain. It still counts as present."""

ANSWERS_NO = _words(
    "no none nil absent denied negative never nope not ausente negativo ninguno ninguna nunca nao niega"
)
ANSWERS_YES = _words("yes y yeah yep positive present si positivo presente oui sim")
"""Whole answers, as after "fever:" or "fever?"."""

GROWING = (
    "getting bigger", "getting larger", "gets bigger", "got bigger", "gotten bigger", "is bigger", "are bigger", "now bigger",
    "bigger now", "bigger than before", "bigger than yesterday", "growing", "grows", "has grown", "grew", "spreading", "spreads",
    "has spread", "expanding", "enlarging", "increasing", "getting worse", "got worse", "worse", "worsening", "worsened",
    "progressing", "extending",
    "creciendo", "crece", "crecio", "ha crecido", "mas grande", "se extiende", "se esta extendiendo", "extendiendose",
    "va en aumento", "aumentando", "ha aumentado", "empeora", "empeorando", "peor", "ha empeorado", "crescendo",
)  # fmt: skip
"""What people say of a reaction that grows."""

STEADY = (
    "stable", "unchanged", "not changed", "hasnt changed", "has not changed", "no change", "same size", "staying the same",
    "estable", "sin cambios", "no ha cambiado", "no cambia", "igual que antes", "del mismo tamano",
)  # fmt: skip
"""What people say of a reaction that does not grow."""

RECOVERED = (
    "recovered", "full recovery", "came round", "came around", "came to", "come round", "woke up", "well again", "fine again",
    "better now", "fine now", "ok now", "okay now", "back to normal", "felt better", "feels better", "feels fine",
    "se recupero", "recuperado", "recuperada", "volvio en si", "desperto", "ya esta bien", "esta bien ahora", "se siente bien",
    "ya se siente mejor", "mejor ahora",
)  # fmt: skip
"""What people say of a faint that is over."""

DENIED_IN_ONE_WORD = {
    "afebrile": "fever", "apyrexial": "fever", "apyrexic": "fever", "afebril": "fever", "apiretico": "fever",
    "apiretica": "fever", "painless": "pain", "indoloro": "pain", "indolora": "pain", "indoloros": "pain",
    "indoloras": "pain",
}  # fmt: skip
"""Words that deny a term by themselves, and the term."""

IN_A_LIST = LIST_CLOSERS | AND | _words("a an any some un una today now hoy ahora")
"""Words that a bare member of a list may have beside its term."""

SAYS_NOTHING = (
    BETWEEN
    | DENIALS
    | LIST_CLOSERS
    | AND
    | ANSWERS_YES
    | _words(
        """the i she he they we you it there this that my his her their our your patient pt all at on to from by about around
    where when while as am pm otherwise well fine good ok okay normal happy everything else nothing but also too very quite
    bit little since after before ago last next week weeks day days hour hours minute minutes month months year years
    yesterday tomorrow morning evening night noon session treatment injection injections injected needle went site clinic
    thanks thank please hello hi just only still same then one two three four five six seven eight nine ten first second
    twenty thirty forty fifty sixty half quarter couple few veinte treinta media
    el la los las lo mi su mis sus yo ella todo resto demas bien gracias hola buenos dias tardes desde hace hasta despues
    antes semana semanas dia hora horas minuto minutos mes meses ano anos hoy ayer manana noche tarde sesion tratamiento
    inyeccion inyecciones aguja sitio clinica pero que en con para por muy poco igual donde cuando al dos tres cuatro cinco
    seis siete ocho nueve diez"""
    )
)
"""Words that, when nothing else is left of a part of a text, leave nothing unread."""
