def make_pdf(edition, sign_offs, published_at):
    return b""
