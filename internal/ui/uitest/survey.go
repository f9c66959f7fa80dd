package uitest

// Everything is a survey with every kind of question, a condition and equality questions. It closes no road: only the first
// question is required.
const Everything = `
format: folkmoot/survey/1
id: everything
title: { en: "The library and you", cy: "Y llyfrgell a chi" }
summary: { en: "Tell us about the library.", cy: "Dywedwch wrthym am y llyfrgell." }
languages: [en, cy]
sections:
  - id: first
    title: { en: "Using the library", cy: "Defnyddio'r llyfrgell" }
    questions:
      - id: satisfied
        kind: scale
        scale: satisfaction
        required: true
        text:
          en: How satisfied are you with {council} libraries?
          cy: Pa mor fodlon ydych chi â llyfrgelloedd {council}?
        why: { en: "It tells us where to start.", cy: "Mae'n dweud wrthym ble i ddechrau." }
      - id: member
        kind: single
        text: { en: "Are you a member?", cy: "Ydych chi'n aelod?" }
        options:
          - { code: "yes", label: { en: "Yes", cy: Ydw } }
          - { code: "no", label: { en: "No", cy: Nac ydw } }
      - id: why_not
        kind: short_text
        max_length: 40
        text: { en: "Why are you not a member?", cy: "Pam nad ydych chi'n aelod?" }
        show_when: { question: member, any_of: ["no"] }
      - id: uses
        kind: multiple
        text: { en: "What do you use?", cy: "Beth ydych chi'n ei ddefnyddio?" }
        options:
          - { code: books, label: { en: "Books", cy: "Llyfrau" } }
          - { code: events, label: { en: "Events", cy: "Digwyddiadau" }, hint: { en: "Such as story time", cy: "Fel amser stori" } }
          - { code: other, label: { en: "Something else", cy: "Rhywbeth arall" }, write_in: { en: "What else? (optional)", cy: "Beth arall? (dewisol)" } }
          - { code: none, label: { en: "None of these", cy: "Dim un o'r rhain" }, exclusive: true, divider: true }
  - id: second
    title: { en: "About your visits", cy: "Am eich ymweliadau" }
    questions:
      - id: visits
        kind: number
        min: 0
        max: 366
        text: { en: "How often did you visit last year?", cy: "Pa mor aml y gwnaethoch ymweld y llynedd?" }
      - id: last_visit
        kind: date
        min_date: 2000-01-01
        max_date: 2026-12-31
        text: { en: "When was your last visit?", cy: "Pryd oedd eich ymweliad diwethaf?" }
        hint: { en: "For example, 27 3 2026", cy: "Er enghraifft, 27 3 2026" }
      - id: home
        kind: postcode
        keep: ward
        text: { en: "What is your postcode?", cy: "Beth yw eich cod post?" }
      - id: more
        kind: long_text
        max_length: 200
        text: { en: "What else should we know?", cy: "Beth arall y dylem ei wybod?" }
equality: [age_band, sex, disability]
`

// Short is a survey without equality questions, in English only.
const Short = `
format: folkmoot/survey/1
id: short
title: { en: One question about the park }
languages: [en]
sections:
  - id: only
    title: { en: The park }
    questions:
      - id: park
        kind: short_text
        required: true
        max_length: 50
        text: { en: "What should change in the park?" }
`
