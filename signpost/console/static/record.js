// Whoever says that all was right takes back what they had answered before: hidden answers must not speak against it.
const answers = ['was_report', 'was_emergency', 'reply_right']

for (const choice of document.querySelectorAll('input[name="all_right"][value="yes"]')) {
  choice.addEventListener('change', () => {
    for (const name of answers) {
      for (const answer of choice.form.querySelectorAll(`input[name="${name}"]`)) answer.checked = false
    }
  })
}
