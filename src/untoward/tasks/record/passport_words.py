"""What a patient's own page says beyond the sheet, in plain words of four languages. Every language has the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from untoward.aftercare import texts_of
from untoward.aftercare.days import Days

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Your injections",
        "skip": "Skip to the page",
        "demo": "Demonstration: everybody in it is invented.",
        "none": "Nothing unexpected has been told to us so far. Look again by {day}.",
        "expected": "What you told us is expected so far. Look again by {day}.",
        "read": "A person at the clinic has read what you told us. Look again by {day}.",
        "waiting": "You told us of a problem. A person looks at it by {day}.",
        "late": "You told us of a problem and nobody has answered in time. Call the clinic now, or be seen elsewhere.",
        "emergency": "What you told us can be an emergency. Call {number} now.",
        "worse": "Getting worse? Do not wait.",
        "problem": "I have a problem",
        "told": "What you told us, and what to do",
        "call": "Call {number}",
        "call_clinic": "Call the clinic: {number}",
        "next": "We ask how you are on {day}.",
        "no_next": "No more questions from us are planned. Call if anything changes.",
        "save": "Save as PDF",
        "large": "PDF in large print",
        "card": "Emergency card, works without internet",
        "until": "This page works until {day}. Whoever has the link can see it.",
        "gone": "This link does not work. It may be mistyped, too old, or ended by the clinic. Ask your clinic for a new one.",
        "gone_help": "Are you very ill? Call 112, 911 or 999 now.",
        "wait": "Too many tries. Wait a minute, then try again.",
    },
    "es": {
        "title": "Sus inyecciones",
        "skip": "Ir a la página",
        "demo": "Demostración: todas las personas son inventadas.",
        "none": "Hasta ahora nadie nos ha contado nada inesperado. Vuelva a mirar antes del {day}.",
        "expected": "Lo que nos contó es lo esperado hasta ahora. Vuelva a mirar antes del {day}.",
        "read": "Una persona de la clínica ha leído lo que nos contó. Vuelva a mirar antes del {day}.",
        "waiting": "Nos contó un problema. Una persona lo mira antes del {day}.",
        "late": "Nos contó un problema y nadie le ha respondido a tiempo. Llame ya a la clínica, o que le vean en otro sitio.",
        "emergency": "Lo que nos contó puede ser una emergencia. Llame ya al {number}.",
        "worse": "¿Va a peor? No espere.",
        "problem": "Tengo un problema",
        "told": "Lo que nos contó, y qué hacer",
        "call": "Llamar al {number}",
        "call_clinic": "Llamar a la clínica: {number}",
        "next": "Le preguntamos cómo está el {day}.",
        "no_next": "No hay más preguntas previstas. Llame si algo cambia.",
        "save": "Guardar en PDF",
        "large": "PDF con letra grande",
        "card": "Tarjeta de emergencia, sirve sin internet",
        "until": "Esta página funciona hasta el {day}. Quien tenga el enlace puede verla.",
        "gone": "Este enlace no funciona. Puede estar mal escrito, ser antiguo, o lo ha anulado la clínica. "
        "Pida otro a su clínica.",
        "gone_help": "¿Se siente muy mal? Llame ya al 112, 911 o 999.",
        "wait": "Demasiados intentos. Espere un minuto y pruebe otra vez.",
    },
    "pt": {
        "title": "Suas injeções",
        "skip": "Ir para a página",
        "demo": "Demonstração: todas as pessoas são inventadas.",
        "none": "Até agora ninguém nos contou nada inesperado. Olhe de novo até {day}.",
        "expected": "O que você contou é esperado até agora. Olhe de novo até {day}.",
        "read": "Uma pessoa da clínica leu o que você contou. Olhe de novo até {day}.",
        "waiting": "Você contou um problema. Uma pessoa olha até {day}.",
        "late": "Você contou um problema e ninguém respondeu a tempo. "
        "Ligue já para a clínica, ou procure atendimento em outro lugar.",
        "emergency": "O que você contou pode ser uma emergência. Ligue já para {number}.",
        "worse": "Está piorando? Não espere.",
        "problem": "Tenho um problema",
        "told": "O que você contou, e o que fazer",
        "call": "Ligar para {number}",
        "call_clinic": "Ligar para a clínica: {number}",
        "next": "Perguntamos como você está em: {day}.",
        "no_next": "Não há mais perguntas previstas. Ligue se algo mudar.",
        "save": "Guardar em PDF",
        "large": "PDF com letra grande",
        "card": "Cartão de emergência, funciona sem internet",
        "until": "Esta página funciona até {day}. Quem tem o link pode ver.",
        "gone": "Este link não funciona. Pode estar mal escrito, ser antigo, ou a clínica o encerrou. Peça outro à sua clínica.",
        "gone_help": "Está se sentindo muito mal? Ligue já para 112, 192, 911 ou 999.",
        "wait": "Muitas tentativas. Espere um minuto e tente de novo.",
    },
    "fr": {
        "title": "Vos injections",
        "skip": "Aller à la page",
        "demo": "Démonstration : toutes les personnes sont inventées.",
        "none": "Rien d'inattendu ne nous a été dit jusqu'ici. Regardez de nouveau avant le {day}.",
        "expected": "Ce que vous nous avez dit est attendu jusqu'ici. Regardez de nouveau avant le {day}.",
        "read": "Une personne de la clinique a lu ce que vous nous avez dit. Regardez de nouveau avant le {day}.",
        "waiting": "Vous nous avez parlé d'un problème. Une personne le regarde avant le {day}.",
        "late": "Vous nous avez parlé d'un problème et personne n'a répondu à temps. "
        "Appelez la clinique tout de suite, ou faites-vous voir ailleurs.",
        "emergency": "Ce que vous nous avez dit peut être une urgence. Appelez le {number} tout de suite.",
        "worse": "Cela empire ? N'attendez pas.",
        "problem": "J'ai un problème",
        "told": "Ce que vous avez dit, et que faire",
        "call": "Appeler le {number}",
        "call_clinic": "Appeler la clinique : {number}",
        "next": "Nous vous demandons comment vous allez le {day}.",
        "no_next": "Nous n'avons plus de questions prévues. Appelez si quelque chose change.",
        "save": "Garder en PDF",
        "large": "PDF en gros caractères",
        "card": "Carte d'urgence, marche sans internet",
        "until": "Cette page marche jusqu'au {day}. Toute personne qui a le lien peut la voir.",
        "gone": "Ce lien ne marche pas. Il est peut-être mal écrit, trop vieux, ou arrêté par la clinique. "
        "Demandez-en un autre à votre clinique.",
        "gone_help": "Vous vous sentez très mal ? Appelez tout de suite le 112, 15, 911 ou 999.",
        "wait": "Trop d'essais. Attendez une minute, puis essayez de nouveau.",
    },
}


def spoken_day(day: date, language: str) -> str:
    """A date as people say it in a language: "Monday 11 May 2026"."""
    return Days(texts_of(language), None).full(day)
