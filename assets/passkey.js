// A form with an element that has data-passkey asks the browser for a passkey before it is sent; the answer goes into its
// hidden fields. The element itself says, when shown, that it did not work.
'use strict'
{
	const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
	const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
		.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

	const questions = {
		get: ({ challenge, host }) => navigator.credentials.get({
			publicKey: { challenge: bytes(challenge), rpId: host, userVerification: 'required' }
		}),
		create: ({ challenge, host, site, user, name, exclude }) => navigator.credentials.create({
			publicKey: {
				challenge: bytes(challenge),
				rp: { id: host, name: site },
				user: { id: new TextEncoder().encode(user), name, displayName: name },
				pubKeyCredParams: [-7, -257, -8].map((alg) => ({ type: 'public-key', alg })),
				authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
				excludeCredentials: exclude.split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: bytes(id) }))
			}
		})
	}

	const answer = ({ id, response }) => ({
		credential: id,
		client_data: text(response.clientDataJSON),
		auth_data: text(response.authenticatorData || response.getAuthenticatorData()),
		signature: response.signature ? text(response.signature) : ''
	})

	for (const question of document.querySelectorAll('[data-passkey]')) {
		const form = question.closest('form')
		form.addEventListener('submit', async (event) => {
			event.preventDefault()
			question.hidden = true
			try {
				const found = answer(await questions[question.dataset.passkey](question.dataset))
				for (const [name, value] of Object.entries(found)) form.elements[name].value = value
				form.submit()
			} catch (error) {
				question.hidden = false
			}
		})
		if (question.dataset.now !== undefined) form.requestSubmit()
	}
}
