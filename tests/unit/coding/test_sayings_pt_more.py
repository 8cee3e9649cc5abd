"""How Portuguese is said in Brazil and Portugal: the terms each sentence names, and those it denies."""

import pytest

from untoward.tasks.knowledge import case_names

CODER = case_names().text_reader().coder

SAID = [
    ("minha boca tá que nem bico de pato, inchou em cinco minutos", ("lip-swelling",)),
    ("sinto um nó na garganta e a voz saiu fanhosa", ("hoarse-voice", "throat-tightness")),
    ("o rapaz da clínica me deu adrenalina na coxa", ("adrenaline-given",)),
    ("tô enxergando tudo embaçado desde a injeção no nariz", ("blurred-vision",)),
    ("a pálpebra despencou depois do botox", ("ptosis",)),
    ("a ponta do nariz tá branca e gelada", ("cold-skin", "pallor")),
    ("o sítio ficou preto e a pele está a cair", ("necrosis",)),
    ("sai um líquido amarelo com cheiro podre", ("foul-smell", "pus")),
    ("apareceu um risco vermelho subindo pelo braço", ("red-streak",)),
    ("o local tá pegando fogo de quente, 38,9 de febre", ("fever", "warmth")),
    ("caroços duros feito pedrinhas onde levei as enzimas", ("nodule",)),
    ("a barriga ficou dura que nem tábua", ("induration",)),
    ("já tomei três antibióticos e não adianta nada", ("antibiotic-failure",)),
    ("fumo um maço por dia", ("smoker",)),
    ("a dar de mamar ao bebé", ("breastfeeding",)),
    ("quem aplicou foi uma esteticista na casa dela", ("non-clinical-setting", "unlicensed-injector")),
    ("pressão caiu, fiquei branca feito cera", ("low-blood-pressure", "pallor")),
    ("dor no peito e falta de ar desde ontem", ("breathlessness", "chest-pain")),
    ("o ouvido não para de apitar", ("tinnitus",)),
    ("tá falando coisa com coisa nenhuma, não sabe que dia é hoje", ("confusion",)),
    ("o xixi tá da cor de coca-cola", ("dark-urine",)),
    ("os olhos e a pele ficaram amarelos", ("jaundice",)),
    ("barriga solta e enjoo", ("diarrhoea", "nausea")),
    ("ficou uma mancha escura que não sai", ("hyperpigmentation",)),
    ("inchadinho e roxo nos pontos, nada demais", ("bruise", "swelling")),
    ("não consigo me abaixar nem subir escada", ("limits-activity",)),
    ("tenho lúpus e tomo prednisona há anos", ("autoimmune-disease", "steroid-use")),
    ("dor insuportável, nem morfina segura", ("pain-out-of-proportion",)),
    ("tô com a garganta trancada, parece que não passa ar", ("throat-tightness",)),
    ("minha perna ficou boba, não firma", ("weakness",)),
    ("depois do preenchimento fiquei cego do olho esquerdo", ("vision-loss",)),
    ("o dedo ficou roxo e gelado", ("cold-skin", "cyanosis")),
    ("o local está inchado, vermelho, quente e a deitar pus", ("pus", "redness", "swelling", "warmth")),
    ("caroço do tamanho de um limão que só cresce", ("nodule",)),
    ("ultrassom mostrou uma coleção de 3 cm", ("collection-on-imaging",)),
    ("tomei cefalexina dez dias e não resolveu", ("antibiotic-taken",)),
    ("melhorei muito com o antibiótico", ("improved-on-antibiotics",)),
    ("minha vizinha me aplicou na cozinha dela", ("non-clinical-setting", "unlicensed-injector")),
    ("minha irmã também ficou com os caroços", ("others-affected",)),
    ("sou diabética e hipertensa", ("diabetes", "hypertension")),
    ("tomo AAS infantil todo dia", ("antiplatelet",)),
    ("sou asmática, uso bombinha", ("asthma",)),
    ("faço queloide fácil", ("keloid-history",)),
    ("vomitei duas vezes e tô enjoada", ("nausea", "vomiting")),
    ("estou tonta, tudo à roda", ("dizziness",)),
    ("zumbido no ouvido e gosto metálico logo depois da injeção", ("metallic-taste", "tinnitus")),
    ("coração disparado e mãos a tremer", ("palpitations", "tremor")),
    ("pele mais escura onde levei as injeções", ("hyperpigmentation",)),
    ("tenho falhas no cabelo desde a mesoterapia", ("alopecia",)),
    ("formou uma bolha de sangue escura", ("haemorrhagic-blister",)),
    ("fiquei internada uma semana com antibiótico na veia", ("hospital-admission", "intravenous-treatment")),
    ("dói muito quando encosta", ("tenderness",)),
    ("os beiços incharam e a língua tá grossa", ("lip-swelling", "tongue-swelling")),
    ("cheia de vergões no corpo todo depois da enzima", ("hives",)),
    ("acordei com a cara toda inchada, parecia um balão", ("angioedema",)),
    ("o olho tá saltado e dói quando mexe", ("bulging-eye", "eye-movement-pain")),
    ("deu uma convulsão na sala de espera", ("seizure",)),
    ("pele com aspecto de mármore na bochecha", ("livedo",)),
    ("a dor é muito pior do que parece por fora", ("pain-out-of-proportion",)),
    ("vários carocinhos na barriga com furinho que vaza", ("draining-sinus", "nodule")),
    ("cultura não cresceu nada", ("culture-no-growth",)),
    ("ínguas na virilha", ("lymph-node-swelling",)),
    ("ficou uma placa dura e quente", ("induration", "warmth")),
    ("ficou torto, um lado maior que o outro", ("contour-irregularity",)),
    ("o ácido desceu para a bochecha", ("filler-migration",)),
    ("tenho vitiligo", ("vitiligo-history",)),
    ("faço hemodiálise três vezes por semana", ("kidney-disease",)),
    ("tive covid há duas semanas", ("recent-vaccine-or-infection",)),
]

DENIED = [
    ("respira bem, fala frases completas, sem tiragem", ("breathlessness",)),
    ("sem febre nem calafrios, local sem sinais flogísticos", ("chills", "fever")),
    ("não tomo nada que afine o sangue", ("anticoagulant",)),
    ("não houve pus nem mau cheiro, ferida limpa", ("foul-smell", "pus")),
    ("boca não está torta, sorriso certinho", ("facial-asymmetry",)),
    ("respiração normal, sem chiado, sem estridor", ("breathlessness", "stridor", "wheeze")),
    ("respira sem dificuldade, lábios e língua normais", ("breathlessness", "lip-swelling")),
    ("visão ok, mexe os olhos bem", ("vision-loss",)),
    ("sem sinais de necrose nem isquemia", ("necrosis",)),
    ("não está vermelho nem quente", ("redness", "warmth")),
    ("não sou diabética nem fumante", ("diabetes", "smoker")),
    ("nego alergias", ("allergy",)),
    ("urina normal, sem sangue", ("blood-in-urine",)),
    ("só um roxinho, sem dor", ("pain",)),
    ("não sinto falta de ar, garganta normal", ("breathlessness", "throat-tightness")),
    ("nem febre, nem calafrios, nem suores à noite", ("chills", "fever", "night-sweats")),
    ("não tomo anticoagulante, só anticoncepcional", ("anticoagulant",)),
    ("transaminases aumentadas, sem icterícia", ("jaundice",)),
]

NOT_DENIED = [
    ("lábio direito inchado", "lip-swelling"),
    ("o lábio direito inchou", "lip-swelling"),
    ("vermelha que nem tomate e com febre", "fever"),
    ("inchou tanto que nem consigo abrir o olho", "swelling"),
    ("a vista do olho direito ficou turva", "blurred-vision"),
]

HARMLESS = [
    "obrigada pela atenção, até amanhã",
    "quanto custa a sessão?",
    "quero marcar para a próxima semana",
    "posso tomar banho depois da aplicação?",
    "a clínica fica perto da minha casa",
    "vou viajar no sábado com meus filhos",
    "gostei muito do resultado",
    "a doutora foi muito atenciosa",
    "quantas sessões são precisas?",
    "posso voltar a correr amanhã?",
    "estou ótima, sem queixas",
    "o meu voo sai às dez horas",
    "moro ao lado do salão paroquial",
    "queria remarcar a consulta de quinta-feira",
    "tem estacionamento no local?",
]


def coded(text):
    return {(found.term, found.negated) for found in CODER.code(text).terms}


@pytest.mark.parametrize(("text", "terms"), SAID)
def test_says(text, terms):
    assert {(term, False) for term in terms} <= coded(text)


@pytest.mark.parametrize(("text", "terms"), DENIED)
def test_denies(text, terms):
    assert {(term, True) for term in terms} <= coded(text)


@pytest.mark.parametrize(("text", "term"), NOT_DENIED)
def test_a_word_for_right_or_for_like_denies_nothing(text, term):
    assert (term, False) in coded(text)
    assert (term, True) not in coded(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_talk_names_no_term(text):
    assert not {term for term, denied in coded(text) if not denied}
