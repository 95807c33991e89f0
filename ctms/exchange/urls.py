from django.urls import path

from . import views

urlpatterns = [
    path("webhooks/receiving/", views.verifying, name="webhook-verifying"),
    path("webhooks/<int:pk>/secret/", views.new_secret, name="webhook-secret"),
    path("webhooks/<int:pk>/test/", views.send_test, name="webhook-test"),
    path("webhooks/<int:pk>/replay/", views.replay_given_up, name="webhook-replay"),
    path("webhook-deliveries/<int:pk>/replay/", views.replay_delivery, name="delivery-replay"),
]
